package dev.vramcast.catalog.model;

import dev.vramcast.core.input.Notice;
import java.util.Optional;

/**
 * The entry a name stands for.
 *
 * @param remark what had to be assumed to get from the name to the entry, for the user to see;
 *     empty when the catalogue knows the name as it is
 */
public record CatalogMatch(ModelEntry entry, Optional<Notice> remark) {}
