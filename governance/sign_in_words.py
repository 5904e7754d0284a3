"""The sign-in library's sentences that a person of Parvis meets, so that our catalogues say them in our own voice.

The library brings translations, some of them on first-name terms. A sentence that our catalogues hold wins over the
library's, and the catalogues hold what the code says: hence this list. Word for word as in the library's source.
"""

from django.utils.translation import gettext_noop as _

WORDS = (
    # signing in
    _("The email address and/or password you specified are not correct."),
    _("Too many failed login attempts. Try again later."),
    _("Be patient, you are sending too many requests."),
    _("Incorrect password."),
    _("Incorrect code."),
    _("Please type your current password."),
    _("You must type the same password each time."),
    # confirming who one is
    _("Use your password"),
    _("Use authenticator app or code"),
    _("Use a security key"),
    _("Security key added."),
    _("Security key removed."),
    # the app on the phone
    _("Two-Factor Authentication"),
    _("Authenticator code"),
    _("Authenticator app activated."),
    _("Authenticator app deactivated."),
    # codes for a lost phone
    _("A new set of recovery codes has been generated."),
    _("Unused codes"),
    _("Password successfully changed."),
)
