/** The product of models, machines and settings that a sweep runs over. */
package dev.vramcast.sweep.product;
