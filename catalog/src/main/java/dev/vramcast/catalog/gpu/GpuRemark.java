package dev.vramcast.catalog.gpu;

/**
 * What people want to know of a device beside its figures; nothing is calculated from it.
 *
 * @param architecture the generation's name, with the chip where the generation has several
 * @param usualNode how many of them a machine usually holds
 * @param standing which figures are cited, derived or recalled
 * @param note what to know before the figures are used; may be empty
 * @param source where each figure comes from
 */
public record GpuRemark(
    String architecture, String usualNode, String standing, String note, String source) {}
