/** Pictures as text, without a drawing library. */
package dev.tunefit.validation.svg;
