"""Social networks behind one port. Plain Python: knows neither Django nor Celery.

`port` says what a connector does, `types` what crosses, `errors` what can go wrong, `catalogue` what each network can
do; then one folder a network. Every outgoing call runs through `egress`.
"""
