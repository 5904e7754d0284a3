"""The inbox: conversations with their deadlines, triage and answers, made of what monitoring hears."""
