/** Commands of Meta's llama-recipes, later llama-cookbook. */
@NullMarked
package dev.vramcast.formats.training.llamarecipes;

import org.jspecify.annotations.NullMarked;
