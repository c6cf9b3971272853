package dev.vramcast.catalog.gpu;

/**
 * What people want to know of a device beside its figures; no estimate is made from it.
 *
 * @param architecture the generation's name, with the chip where the generation has several
 * @param usualNode how many of them a machine usually holds, in words
 * @param mostInAMachine the most of them that a machine holds: 8 of a card that is put into slots,
 *     whatever is usual, 1 of one that is part of a computer
 * @param standing which figures are cited, derived or recalled
 * @param note what to know before the figures are used; may be empty
 * @param source where each figure comes from
 */
public record GpuRemark(
    String architecture,
    String usualNode,
    int mostInAMachine,
    String standing,
    String note,
    String source) {}
