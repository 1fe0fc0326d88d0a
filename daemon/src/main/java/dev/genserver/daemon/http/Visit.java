package dev.genserver.daemon.http;

/// A request on its way through the site.
///
/// @param rest what stands for the braces in the path of its route, percent-encoded
/// @param guest who has sent it
record Visit(Request request, String rest, Guest guest) {

  Head head() {
    return request.head();
  }
}
