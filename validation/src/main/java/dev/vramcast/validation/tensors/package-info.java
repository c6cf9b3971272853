/** What an estimate and a measured run have at the same time, tensor by tensor. */
@NullMarked
package dev.vramcast.validation.tensors;

import org.jspecify.annotations.NullMarked;
