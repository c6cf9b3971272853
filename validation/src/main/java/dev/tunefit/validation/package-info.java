/**
 * How far the estimates are from what was measured. {@code cases} reads what was measured, {@link
 * dev.tunefit.validation.Validation} compares, {@code report} writes down.
 */
package dev.tunefit.validation;
