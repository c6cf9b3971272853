/** Pictures as text, without a drawing library. */
package dev.vramcast.validation.svg;
