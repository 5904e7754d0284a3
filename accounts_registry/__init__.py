"""Which accounts exist, why, and who answers for them: dossiers, the committee's votes and decisions, credentials."""
