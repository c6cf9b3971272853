/** The output layer and the loss, in the ways that frameworks compute them. */
@NullMarked
package dev.vramcast.core.module.head;

import org.jspecify.annotations.NullMarked;
