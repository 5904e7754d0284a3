"""The machinery that sends: deliveries found due, claimed, attempted once, reconciled; holds that stop them all."""
