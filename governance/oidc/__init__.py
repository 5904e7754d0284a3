"""OpenID Connect with the administration's provider: the code flow, with our own look at every answer."""
