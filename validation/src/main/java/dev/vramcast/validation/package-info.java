/**
 * How far the estimates are from what was measured. {@code cases} reads what was measured, {@link
 * dev.vramcast.validation.Validation} compares, {@code report} writes down.
 */
@NullMarked
package dev.vramcast.validation;

import org.jspecify.annotations.NullMarked;
