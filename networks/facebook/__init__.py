"""Facebook pages, through the Graph API."""
