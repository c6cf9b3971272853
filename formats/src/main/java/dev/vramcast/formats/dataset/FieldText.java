package dev.vramcast.formats.dataset;

import java.util.List;

/**
 * The text in a field of a record.
 *
 * @param messages how many of the texts are messages of a conversation
 * @param numbers how many numbers stand in it, when it is a list of tokens
 */
record FieldText(List<String> texts, int messages, int numbers) {}
