package dev.vramcast.validation.cases;

import dev.vramcast.core.input.InputException;
import dev.vramcast.core.input.Place;
import dev.vramcast.input.tree.Node;
import dev.vramcast.input.tree.NodeParser;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * A line of a file of cases, whose fields are looked for only when one is wrong.
 *
 * @param place of the line in its file
 * @param text the JSON in UTF-8, which was read before
 */
record CaseLine(Place.Line place, byte[] text) {

  /** Where a key stands; of one that is missing the object that lacks it. */
  Place.Line at(String path) {
    Node node;
    try {
      node = NodeParser.parse(new String(text, StandardCharsets.UTF_8), place);
    } catch (InputException e) {
      // More than a document may hold.
      return place;
    }
    return found(node, path).place(place.source()).within(place);
  }

  private static Node found(Node root, String path) {
    if (!(root instanceof Node.Fields object)) {
      return root;
    }
    for (int end = path.length(); end > 0; end = path.lastIndexOf('.', end - 1)) {
      Optional<Node> value = object.at(path.substring(0, end));
      if (value.isPresent()) {
        return value.get();
      }
    }
    return root;
  }
}
