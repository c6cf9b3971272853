/** The forms in which lists of prices come, and what is wrong with a line of one. */
package dev.vramcast.catalog.price.form;
