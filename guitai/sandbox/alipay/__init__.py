"""Alipay's Open API, simulated: gateway, notices, bills, and the page where a payer pays."""
