/** The forms in which lists of prices come, and what is wrong with a line of one. */
@NullMarked
package dev.vramcast.catalog.price.form;

import org.jspecify.annotations.NullMarked;
