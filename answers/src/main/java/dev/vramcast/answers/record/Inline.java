package dev.vramcast.answers.record;

/** A record whose keys stand among those of the record that holds it, not below a key of theirs. */
public interface Inline {}
