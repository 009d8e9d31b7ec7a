"""A state's report: what is said (`sections`, `findings`, `words`), drawn (`figures`), rendered (`html`, `xlsx`)."""
