using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using SglNative.Core;
using SglNative.Engine.Configuration;

namespace SglNative.Server.Http;

/// <summary><c>--host</c> and <c>--port</c>.</summary>
internal static class ListenAddress
{
    public static void Listen(KestrelServerOptions kestrel, ServerArgs args) => kestrel.Listen(Resolve(args.Host), args.Port);

    /// <summary>Throws when nothing can listen there.</summary>
    /// <exception cref="SglException">The address is in use or not one of this machine's.</exception>
    public static void EnsureFree(ServerArgs args)
    {
        if (args.Port is < 0 or > 65535) throw new SglException($"--port is {args.Port}, expected in [0, 65535]");
        var address = Resolve(args.Host);
        try
        {
            using var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            socket.Bind(new IPEndPoint(address, args.Port));
        }
        catch (SocketException e)
        {
            throw new SglException(e.SocketErrorCode switch
            {
                SocketError.AddressAlreadyInUse => $"port {args.Port} on {args.Host} is in use: stop the program that listens there, or give another --port",
                SocketError.AddressNotAvailable => $"--host {args.Host} is no address of this machine: give one that is, such as 127.0.0.1, or 0.0.0.0 for all",
                SocketError.AccessDenied => $"port {args.Port} needs privileges this program does not have: give a --port above 1023",
                _ => $"cannot listen on {args.Host}:{args.Port}: {e.Message}",
            }, e);
        }
    }

    /// <summary>The address that clients on this machine use.</summary>
    public static Uri Of(IServerAddressesFeature addresses, ServerArgs args)
    {
        var port = new Uri(addresses.Addresses.First().Replace("[::]", "localhost", StringComparison.Ordinal).Replace("0.0.0.0", "localhost", StringComparison.Ordinal)).Port;
        var address = Resolve(args.Host);
        var host = address.Equals(IPAddress.Any) ? "127.0.0.1" : address.Equals(IPAddress.IPv6Any) ? "[::1]"
            : address.AddressFamily == AddressFamily.InterNetworkV6 ? $"[{address}]" : address.ToString();
        return new Uri($"http://{host}:{port}");
    }

    private static IPAddress Resolve(string host)
    {
        if (IPAddress.TryParse(host, out var address)) return address;
        try
        {
            var found = Dns.GetHostAddresses(host);
            return found.FirstOrDefault(a => a.AddressFamily == AddressFamily.InterNetwork) ?? found[0];
        }
        catch (SocketException e)
        {
            throw new SglException($"--host {host} is no address of this machine: give an IP address such as 127.0.0.1 or 0.0.0.0", e);
        }
    }
}
