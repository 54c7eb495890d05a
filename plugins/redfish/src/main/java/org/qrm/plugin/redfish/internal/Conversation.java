package org.qrm.plugin.redfish.internal;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.ConnectException;
import java.net.ProtocolException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;
import org.qrm.api.QrmException;
import org.qrm.api.operation.CancelledException;
import org.qrm.plugin.device.BoundedBody;
import org.qrm.plugin.device.Wire;

/**
 * What is said to one service for one purpose: with HTTP Basic, as sessions fill tables; in a session where Basic is refused.
 * Redirects are followed at the service only, and a service that is busy is asked again when it wants to be.
 */
final class Conversation implements AutoCloseable {

    private static final int MOST_REDIRECTS = 5;
    private static final int MOST_WAITS = 10;
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(60);

    private final Wire wire;
    private final Service service;
    private final Pace pace;
    private final Instant end;
    private final Runnable checkpoint;
    private final Fault fault;
    private final Login login;

    /**
     * @param attempted for messages: {@code switch on}
     * @param end when all of it is to be over
     * @param checkpoint called before each request; throws when nobody wants it any more
     */
    Conversation(Wire wire, Service service, String attempted, Pace pace, Instant end, Runnable checkpoint) {
        this.wire = wire;
        this.service = service;
        this.pace = pace;
        this.end = end;
        this.checkpoint = checkpoint;
        this.fault = new Fault(attempted, service);
        this.login = new Login(this, service, fault);
        wire.begin();
    }

    Service service() {
        return service;
    }

    Fault fault() {
        return fault;
    }

    /**
     * The resource at a place.
     *
     * @throws QrmException when it is not answered with a JSON object
     */
    Answer get(URI place) {
        Answer answer = send(HttpRequest.newBuilder(place).GET());
        if (!answer.isGood()) {
            throw fault.refused(answer);
        }
        if (answer.json().isMissingNode()) {
            String type = answer.headers().firstValue("Content-Type").orElse("no type");
            throw fault.odd("the service answers " + service.discreet(answer.request()) + " with no JSON object ("
                    + service.discreet(type) + ")");
        }
        return answer;
    }

    /** Follows a reference of an answer. */
    URI follow(Answer from, String reference) {
        return service.follow(from.place(), reference).orElseThrow(() -> fault.elsewhere(from.request(), reference));
    }

    /** @param etag of what is changed, or empty */
    Answer patch(URI place, JsonNode body, String etag) {
        HttpRequest.Builder request = HttpRequest.newBuilder(place).method("PATCH", content(body));
        if (!etag.isEmpty()) {
            request.header("If-Match", etag);
        }
        return send(json(request));
    }

    /** Not repeated when the connection breaks: nobody knows whether it arrived. */
    Answer post(URI place, JsonNode body) {
        return send(json(HttpRequest.newBuilder(place).POST(content(body))));
    }

    static HttpRequest.Builder json(HttpRequest.Builder request) {
        return request.header("Content-Type", "application/json");
    }

    static HttpRequest.BodyPublisher content(JsonNode body) {
        return HttpRequest.BodyPublishers.ofString(body.toString());
    }

    /** As whom the service knows us; once more when it has forgotten that. */
    private Answer send(HttpRequest.Builder request) {
        Answer answer = sendPatiently(login.sign(request.copy()).build());
        if (answer.status() == 401 && login.renew()) {
            answer = sendPatiently(login.sign(request.copy()).build());
        }
        return answer;
    }

    /** Waits as a busy service asks. */
    Answer sendPatiently(HttpRequest request) {
        for (int waits = 0; ; waits++) {
            Answer answer = sendOnTheWay(request);
            boolean busy = answer.status() == 503 || answer.status() == 429;
            Duration wait = busy ? wait(answer) : Duration.ZERO;
            if (!busy || waits >= MOST_WAITS || Instant.now().plus(wait).isAfter(end)) {
                return answer;
            }
            pause(wait);
        }
    }

    /** RFC 9110, 10.2.3: seconds, or a date. */
    private Duration wait(Answer answer) {
        String asked = answer.header("Retry-After");
        Duration wait = pace.look();
        if (asked.matches("[0-9]{1,6}")) {
            wait = Duration.ofSeconds(Long.parseLong(asked));
        } else if (!asked.isEmpty()) {
            wait = untilDate(asked).orElse(wait);
        }
        if (wait.compareTo(LONGEST_WAIT) > 0) {
            return LONGEST_WAIT;
        }
        return wait.compareTo(pace.look()) < 0 ? pace.look() : wait;
    }

    private static Optional<Duration> untilDate(String text) {
        try {
            ZonedDateTime date = ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME);
            return Optional.of(Duration.between(Instant.now(), date.toInstant()));
        } catch (DateTimeParseException odd) {
            return Optional.empty();
        }
    }

    /** A GET goes where it is sent, another request only with the same method; none leaves the service. */
    private Answer sendOnTheWay(HttpRequest request) {
        HttpRequest now = request;
        for (int redirects = 0; ; redirects++) {
            Answer answer = sendTwice(now);
            if (!answer.isRedirect()) {
                return answer;
            }
            boolean sameMethod = answer.status() == 307 || answer.status() == 308;
            String location = answer.header("Location");
            if (redirects >= MOST_REDIRECTS
                    || location.isEmpty()
                    || !sameMethod && !now.method().equals("GET")) {
                throw fault.odd("the service leads nowhere: it answers " + answer.status() + " to "
                        + service.discreet(answer.request()));
            }
            now = HttpRequest.newBuilder(now, (name, value) -> true)
                    .uri(follow(answer, location))
                    .build();
        }
    }

    /** A kept connection may have been closed by the other side: what may be said twice is. */
    private Answer sendTwice(HttpRequest request) {
        try {
            return sendOnce(request);
        } catch (ConnectException
                | ProtocolException
                | HttpTimeoutException
                | SSLException
                | BoundedBody.TooLarge certain) {
            throw fault.of(certain);
        } catch (IOException broken) {
            if (request.method().equals("POST")) {
                throw fault.of(broken);
            }
        }
        try {
            return sendOnce(request);
        } catch (IOException broken) {
            throw fault.of(broken);
        }
    }

    private Answer sendOnce(HttpRequest request) throws IOException {
        checkpoint.run();
        return exchange(request, limit());
    }

    private Answer exchange(HttpRequest request, Duration limit) throws IOException {
        try {
            return answer(request, wire.send(whole(request), service.fingerprint(), limit));
        } catch (TimeoutException silent) {
            // a moment, left at the end of all time, says nothing of the service
            throw limit.toSeconds() > 0 ? fault.silent(limit) : fault.late("no time was left to await an answer");
        }
    }

    /** The last that is said: also when the work is over, and the plug-in stops. */
    Answer sendFarewell(HttpRequest request, Duration limit) throws IOException, TimeoutException {
        return answer(request, wire.sendFarewell(whole(request), service.fingerprint(), limit));
    }

    private static HttpRequest whole(HttpRequest request) {
        return HttpRequest.newBuilder(request, (name, value) -> true)
                .header("Accept", "application/json")
                .header("OData-Version", "4.0")
                .build();
    }

    private static Answer answer(HttpRequest request, HttpResponse<byte[]> response) {
        String name = request.method() + " " + request.uri().getRawPath();
        return new Answer(name, request.uri(), response.statusCode(), response.headers(), response.body());
    }

    private Duration limit() {
        Duration left = Duration.between(Instant.now(), end);
        if (left.isNegative() || left.isZero()) {
            throw fault.late("no time was left to ask the service");
        }
        return left.compareTo(pace.request()) < 0 ? left : pace.request();
    }

    private static void pause(Duration wait) {
        try {
            TimeUnit.NANOSECONDS.sleep(wait.toNanos());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new CancelledException("interrupted");
        }
    }

    /** Leaves no session behind. */
    @Override
    public void close() {
        try {
            login.end();
        } finally {
            wire.end();
        }
    }
}
