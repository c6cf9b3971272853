/** The rule of thumb for a bare size: question and answer. */
package dev.vramcast.answers.rule;
