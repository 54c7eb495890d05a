package org.qrm.core.subscription;

import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;

/** A body that nobody reads, so that its connection can be used again; one of more than 64 KiB is not waited for. */
final class DiscardedBody implements HttpResponse.BodySubscriber<Void> {

    private static final int MOST = 64 * 1024;

    private final CompletableFuture<Void> end = new CompletableFuture<>();
    private Flow.Subscription source;
    private long seen;

    @Override
    public CompletionStage<Void> getBody() {
        return end;
    }

    @Override
    public void onSubscribe(Flow.Subscription subscription) {
        source = subscription;
        source.request(1);
    }

    @Override
    public void onNext(List<ByteBuffer> parts) {
        seen += parts.stream().mapToLong(ByteBuffer::remaining).sum();
        if (seen > MOST) {
            source.cancel();
            end.complete(null);
        } else {
            source.request(1);
        }
    }

    @Override
    public void onError(Throwable failed) {
        end.completeExceptionally(failed);
    }

    @Override
    public void onComplete() {
        end.complete(null);
    }
}
