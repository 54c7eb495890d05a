package org.qrm.rest.internal.http;

import java.io.IOException;
import java.io.InputStream;
import java.util.function.Function;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;
import org.qrm.api.Expected;
import org.qrm.api.QrmException;
import org.qrm.commands.Call;
import org.qrm.commands.Caller;
import org.qrm.commands.Router;

/** A call that came by HTTP. */
public final class HttpCall extends Call {

    private final HttpServletRequest request;
    private final HttpServletResponse response;
    private final String rawPath;

    /** @param rawPath the path below the interface's root, as it came */
    public HttpCall(
            Router.Match match,
            HttpServletRequest request,
            HttpServletResponse response,
            Caller caller,
            String rawPath) {
        super(match.route(), match.variables(), caller);
        this.request = request;
        this.response = response;
        this.rawPath = rawPath;
    }

    /** The same caller, who reads what has another address. */
    HttpCall asGet(Router.Match match, String path) {
        return new HttpCall(match, request, response, caller(), path);
    }

    @Override
    public <T> Expected<T> expected(Function<T, ?> view) {
        return IfMatch.of(request).map(seen -> seen.expected(rawPath, view)).orElse(Expected.any());
    }

    /**
     * Reads the query; once the caller may do what the route does.
     *
     * @throws QrmException INVALID for parameters that the route does not know or that cannot be read
     */
    public void readQuery() {
        takeQuery(pairs(request.getQueryString()));
    }

    /** The path below the interface's root, as it came. */
    public String rawPath() {
        return rawPath;
    }

    public HttpServletRequest request() {
        return request;
    }

    public HttpServletResponse response() {
        return response;
    }

    @Override
    public String origin() {
        return request.getRemoteAddr();
    }

    @Override
    protected byte[] readBody() throws IOException {
        return Body.read(request);
    }

    @Override
    public InputStream stream() throws IOException {
        return request.getInputStream();
    }

    @Override
    public long length() {
        return request.getContentLengthLong();
    }
}
