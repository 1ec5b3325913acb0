"""WeChat Pay APIv3, simulated: gateway, notices, bills, and the page where a payer pays."""
