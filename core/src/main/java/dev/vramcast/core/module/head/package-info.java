/** The output layer and the loss, in the ways that frameworks compute them. */
package dev.vramcast.core.module.head;
