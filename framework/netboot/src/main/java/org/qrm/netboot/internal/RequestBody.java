package org.qrm.netboot.internal;

import java.io.IOException;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import javax.servlet.ReadListener;
import javax.servlet.ServletInputStream;
import javax.servlet.http.HttpServletRequest;
import org.qrm.api.Problem;
import org.qrm.api.QrmException;

/**
 * Reads a machine's request body without holding a thread, and stops at the bounds: {@link NodeMessage#MAX_BYTES} bytes,
 * and a time within which all of it must be there.
 */
final class RequestBody implements ReadListener {

    static final String TOO_LARGE = "The request has more than " + NodeMessage.MAX_BYTES + " bytes.";

    private static final int USUAL = 2048;
    private static final long TIME_LIMIT = TimeUnit.SECONDS.toNanos(10);

    private final Exchange exchange;
    private final Refusals refusals;
    private final ServletInputStream input;
    private final Consumer<NodeMessage> then;
    private final long started = System.nanoTime();
    private byte[] bytes;
    private int length;

    private RequestBody(
            Exchange exchange, Refusals refusals, ServletInputStream input, int expected, Consumer<NodeMessage> then) {
        this.exchange = exchange;
        this.refusals = refusals;
        this.input = input;
        this.then = then;
        this.bytes = new byte[expected];
    }

    /** Whether a request announces more than is ever read; to be asked, and answered, before an exchange is begun. */
    static boolean announcesTooMuch(HttpServletRequest request) {
        return request.getContentLengthLong() > NodeMessage.MAX_BYTES;
    }

    /**
     * Reads and parses the body, then calls {@code then} with the message, on a thread of the container. Whatever goes
     * wrong, in {@code then} too, is answered.
     */
    static void read(HttpServletRequest request, Exchange exchange, Refusals refusals, Consumer<NodeMessage> then)
            throws IOException {
        long announced = request.getContentLengthLong();
        int expected = announced < 0 ? USUAL : (int) announced + 1;
        ServletInputStream input = request.getInputStream();
        input.setReadListener(new RequestBody(exchange, refusals, input, expected, then));
    }

    @Override
    public void onDataAvailable() throws IOException {
        while (!exchange.finished() && input.isReady() && !input.isFinished()) {
            int count = input.read(bytes, length, bytes.length - length);
            if (count < 0) {
                return;
            }
            length += count;
            if (length > NodeMessage.MAX_BYTES) {
                tooLarge();
                return;
            }
            if (length == bytes.length) {
                bytes = Arrays.copyOf(bytes, Math.min(2 * length, NodeMessage.MAX_BYTES + 1));
            }
        }
        if (System.nanoTime() - started > TIME_LIMIT && !input.isFinished()) {
            refusals.record(exchange.address(), "a request body that trickles");
            exchange.refuse(408, "The request did not arrive in time.");
        }
    }

    @Override
    public void onAllDataRead() {
        if (exchange.finished()) {
            return;
        }
        try {
            then.accept(NodeMessage.parse(bytes, length));
        } catch (QrmException refused) {
            if (refused.problem().kind() == Problem.Kind.INVALID) {
                refusals.record(exchange.address(), refused.getMessage());
            }
            exchange.fail(refused);
        } catch (RuntimeException failed) {
            exchange.fail(failed);
        }
    }

    @Override
    public void onError(Throwable thrown) {
        exchange.refuse(400, "The request broke off.");
    }

    private void tooLarge() {
        refusals.record(exchange.address(), TOO_LARGE);
        exchange.refuse(413, TOO_LARGE);
    }
}
