"""Maps: axes in, axes out (static), one offline file (interactive)."""
