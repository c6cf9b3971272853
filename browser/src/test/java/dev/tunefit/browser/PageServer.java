package dev.tunefit.browser;

/** The server whose page is tested. */
final class PageServer implements AutoCloseable {

  static boolean hasPage() {
    return PageServer.class.getResource("/dev/tunefit/web/index.html") != null;
  }

  static PageServer start() {
    return new PageServer();
  }

  String url() {
    return System.getProperty("tunefit.page", "http://127.0.0.1:8123/");
  }

  @Override
  public void close() {}
}
