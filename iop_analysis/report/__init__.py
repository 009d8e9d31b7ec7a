"""A state's report: what is said (`state`, `sections`, `findings`, `words`), drawn (`figures`), rendered (`html`, `xlsx`)."""
