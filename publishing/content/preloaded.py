"""Read once by the server that the readers of uploads are forked from (see `apart`); nobody else imports it."""

import django

django.setup()
