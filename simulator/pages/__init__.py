"""The square as a person sees it, and the page of faults. Works without JavaScript; nothing comes from elsewhere."""
