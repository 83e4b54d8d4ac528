/** How far a backup was proven, each more than the one before. */
export const backupTiers = ['checksum', 'decoded', 'restored', 'compared'] as const
export type BackupTier = (typeof backupTiers)[number]
