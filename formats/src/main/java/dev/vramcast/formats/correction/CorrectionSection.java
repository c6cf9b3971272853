package dev.vramcast.formats.correction;

import dev.vramcast.core.calibration.SavedCorrection;

/**
 * A correction and where it stands.
 *
 * @param firstLine of its name, from 1 on
 * @param lastLine of its last value
 */
record CorrectionSection(SavedCorrection correction, int firstLine, int lastLine) {}
