/**
 * The model of the caching allocator without objects: parts of segments are indices into arrays, so
 * that they can be copied in the middle of a replay. It does what the model beside it does, which
 * is easier to read and to which it is held.
 */
@NullMarked
package dev.vramcast.core.allocator.flat;

import org.jspecify.annotations.NullMarked;
