/** What keeps slow and numerous clients from each other, before anything is read or answered. */
@NullMarked
package dev.vramcast.server.guard;

import org.jspecify.annotations.NullMarked;
