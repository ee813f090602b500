"""nft: the table ``inet serjeant`` of nftables: what stands in it, its rules, and how it is changed in one move."""
