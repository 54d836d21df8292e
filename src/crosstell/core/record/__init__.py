"""The signed record, as bytes: entries, trees, notes, receipts, forks. No domain.

Public names, by the question they answer (import them from their modules):

- canonical: `encode`, `decode`: what are the bytes of this value, and are these bytes it?
- signing: `Signer`, `Verifier`, `VerifierOf`, `fingerprint`: who signs; handed in, no secret here.
- entry: `Header`, `Head`, `HybridTime`, `Body`, `Entry`, `seal`, `parse`, `check_body`: one entry.
- keys: `founding_body`, `rotation_body`, `revocation_body`, `FeedKeys`, `admit`, `check_resume`,
  `KEY_TYPES`: who may sign a feed.
- feed: `extend`, `follow`, `FeedHead`, `founding_header`, `check_heads`, `Rule`, `RuleBroken`: does
  the next entry follow?
- tree: `CompactRange`, `nodes_of`, `inclusion_proof`, `consistency_proof` and their checks; `Tile`,
  `tiles_between`, `tile_data`, `bundle_data` and their parsers: where is it in the tree?
- note, checkpoint, cosignature: `parse_note`, `Checkpoint`, `sign_checkpoint`, `check_checkpoint`,
  `cosign`, `check_cosignatures`, `bracket`: what did who sign about a feed, and when?
- receipt: `Receipt`, `KeyTrail`, `check_receipt`: what can we show to a stranger in one file?
- fork: `entries_fork`, `checkpoints_fork`, `check_fork`: who said two things at one place?

An entry's hash is everywhere the RFC 6962 leaf hash of its bytes.
"""
