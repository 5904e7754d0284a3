"""What Django's own formats of a language say otherwise than people here write it."""
