/** Reads the arguments of TRL, of alignment-handbook and of scripts on Transformers' Trainer. */
package dev.vramcast.formats.training.trl;
