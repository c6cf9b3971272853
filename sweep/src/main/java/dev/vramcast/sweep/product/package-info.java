/** The product of models, machines and settings that a sweep runs over. */
@NullMarked
package dev.vramcast.sweep.product;

import org.jspecify.annotations.NullMarked;
