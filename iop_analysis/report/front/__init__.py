"""Page one: facts of a state, the rules that make sentences of them, and the page that they fill."""
