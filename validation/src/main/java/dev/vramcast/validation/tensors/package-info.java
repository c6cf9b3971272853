/** What an estimate and a measured run have at the same time, tensor by tensor. */
package dev.vramcast.validation.tensors;
