"""What Alipay and WeChat Pay have in common here: their books, the payer's pages, the clerk's arrangements."""
