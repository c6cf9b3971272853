package dev.vramcast.catalog.price.form;

/**
 * A finding in its place.
 *
 * @param place as {@code vms.csv:12:5}
 * @param detail what stands there
 */
public record LocatedFinding(Finding finding, String place, String detail) {}
