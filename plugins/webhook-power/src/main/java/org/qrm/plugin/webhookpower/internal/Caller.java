package org.qrm.plugin.webhookpower.internal;

import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeoutException;
import org.qrm.api.QrmException;
import org.qrm.api.power.PowerState;
import org.qrm.plugin.device.Wire;

/** Says something to the services of one machine, for one purpose. */
final class Caller {

    private final Wire wire;
    private final PowerService service;
    private final Fault fault;
    private final Duration most;
    private final Instant end;

    /**
     * Nothing is said yet.
     *
     * @param most how long one request may take, with its whole answer
     * @param end when all of it is to be over
     */
    Caller(Wire wire, PowerService service, Fault fault, Duration most, Instant end) {
        this.wire = wire;
        this.service = service;
        this.fault = fault;
        this.most = most;
        this.end = end;
    }

    PowerService service() {
        return service;
    }

    Fault fault() {
        return fault;
    }

    Instant end() {
        return end;
    }

    /** @throws QrmException when it is not answered with yes */
    void order(PowerState wanted) {
        send(service.order(wanted, fault));
    }

    /** @throws QrmException when it is not answered with yes */
    void shutDown() {
        send(service.shutDown(fault));
    }

    /** @throws QrmException when it is not answered with yes */
    Meaning.Understood ask() {
        return service.meaning().of(send(service.question(fault)));
    }

    private byte[] send(HttpRequest request) {
        Duration left = Duration.between(Instant.now(), end);
        if (left.isNegative() || left.isZero()) {
            throw fault.late("no time was left to ask the service");
        }
        Duration limit = left.compareTo(most) < 0 ? left : most;
        HttpResponse<byte[]> answer;
        try {
            answer = wire.send(request, service.fingerprint(), limit);
        } catch (IOException broken) {
            throw fault.of(broken);
        } catch (TimeoutException silent) {
            // a moment, left at the end of all time, says nothing of the service
            throw limit.toSeconds() > 0 ? fault.silent(limit) : fault.late("no time was left to await an answer");
        }
        if (answer.statusCode() < 200 || answer.statusCode() >= 300) {
            throw fault.refused(
                    request.method() + " " + request.uri().getRawPath(),
                    answer.statusCode(),
                    new String(answer.body(), StandardCharsets.UTF_8));
        }
        return answer.body();
    }
}
