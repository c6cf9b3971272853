package dev.vramcast.formats.python;

import dev.vramcast.formats.python.handed.Call;
import dev.vramcast.input.tree.Mark;
import dev.vramcast.input.tree.Node;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a program says.
 *
 * @param constants by their names, as its end leaves them
 * @param left where branches begin that make a job and are known not to run
 * @param read where those begin that are read and may not run
 * @param taken the options of its command that it defines
 * @param settled names of constants that are given a value once and never changed
 * @param unfollowed what may give arguments of a library another value, which is not followed
 */
public record Program(
    List<Call> calls,
    Map<String, Node> constants,
    List<Mark> left,
    List<Mark> read,
    Set<String> taken,
    Set<String> settled,
    List<Node> unfollowed) {}
