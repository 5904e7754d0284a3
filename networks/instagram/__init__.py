"""Instagram's professional accounts, through the Graph API of the page that each belongs to."""
