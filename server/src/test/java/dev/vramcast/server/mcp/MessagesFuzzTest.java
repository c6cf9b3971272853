package dev.vramcast.server.mcp;

import dev.vramcast.core.input.Place;
import dev.vramcast.input.fuzz.Fuzz;
import dev.vramcast.input.fuzz.FuzzTarget;
import dev.vramcast.input.fuzz.RefusesInOneLine;
import dev.vramcast.input.tree.NodeParser;
import dev.vramcast.server.admission.AdmissionReview;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What comes over HTTP and from assistants, before it is answered. */
@Tag("slow")
class MessagesFuzzTest {

  private static final int INPUTS = 2_000;

  private static final String MESSAGE =
      "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":{\"name\":\"fit\","
          + "\"arguments\":{\"job\":{\"model\":{\"id\":\"gpt2\"}}}}}";

  private static final String BODY =
      "{\"job\": {\"model\": {\"id\": \"gpt2\"}, \"method\": \"full\"}}";

  private static final String REVIEW =
      "{\"kind\":\"AdmissionReview\",\"request\":{\"uid\":\"1\",\"object\":{\"metadata\":{"
          + "\"annotations\":{\"vramcast.dev/gpu\":\"l4\"}},\"spec\":{\"template\":{\"spec\":{"
          + "\"nodeSelector\":{\"nvidia.com/gpu.product\":\"L4\"},\"containers\":[{"
          + "\"command\":[\"trl\",\"sft\"]}]}}}}}}";

  static final class Messages implements Consumer<byte[]> {
    @Override
    public void accept(byte[] bytes) {
      try {
        Message.read(bytes);
      } catch (MessageException e) {
        // The answer is a JSON object, which escapes what it quotes.
      }
    }
  }

  static final class Bodies extends RefusesInOneLine {
    @Override
    protected void read(byte[] bytes) {
      NodeParser.json(text(bytes), Place.of("body")).value();
    }
  }

  /** Whatever Kubernetes may ask before it starts something. */
  static final class Reviews extends RefusesInOneLine {
    @Override
    protected void read(byte[] bytes) {
      if (NodeParser.json(text(bytes), Place.of("body")).value() instanceof Map<?, ?> body) {
        AdmissionReview review = AdmissionReview.of(body);
        review.question();
        review.unread("why");
      }
    }
  }

  @Test
  void messages_bodies_and_reviews() {
    Fuzz.holds(
        List.of(
            FuzzTarget.of(Messages.class, MESSAGE),
            FuzzTarget.of(Bodies.class, BODY),
            FuzzTarget.of(Reviews.class, REVIEW)),
        INPUTS);
  }
}
