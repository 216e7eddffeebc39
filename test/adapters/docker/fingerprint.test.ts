import type { ContainerInspectInfo } from 'dockerode'
import { describe, expect, it } from 'vitest'
import { fingerprintOf } from '../../../reconciler/adapters/docker/fingerprint.ts'
import { around, inspected } from './inspected.ts'

type Told = ContainerInspectInfo

const [web, beside] = inspected['26.1']
const surroundings = around(inspected['26.1'])

describe('the fingerprint of a container', () => {
  it.each(['20.10', '26.1'] as const)('is the same whatever engine made it and tells of it: %s', (version) => {
    const all = inspected[version]
    const [first, second] = all.map((info) => ({ ...fingerprintOf(info, around(all)), Image: 'image' }))

    expect(first).toMatchInlineSnapshot(`
      {
        "Config.Cmd": "a9e9bdf4a981",
        "Config.Domainname": "example.org",
        "Config.Entrypoint": "cd44ec228c88",
        "Config.Env.A": "6b86b273ff34",
        "Config.Env.B": "14bf50d80768",
        "Config.Env.EMPTY": "e3b0c44298fc",
        "Config.Env.PATH": "ce908b8efad4",
        "Config.Healthcheck.Interval": "1000000000",
        "Config.Healthcheck.Retries": "3",
        "Config.Healthcheck.StartPeriod": "1000000000",
        "Config.Healthcheck.Test": "6e6ee2152edd",
        "Config.Healthcheck.Timeout": "1000000000",
        "Config.Hostname": "web",
        "Config.Labels.bare": "e3b0c44298fc",
        "Config.Labels.rule": "4a823118b9ba",
        "Config.OpenStdin": "true",
        "Config.StopSignal": "SIGINT",
        "Config.StopTimeout": "5",
        "Config.Tty": "true",
        "Config.User": "65534:65534",
        "Config.WorkingDir": "/tmp",
        "HostConfig.CapAdd": "CHOWN NET_BIND_SERVICE",
        "HostConfig.CapDrop": "ALL",
        "HostConfig.CpuShares": "512",
        "HostConfig.CpusetCpus": "0",
        "HostConfig.Devices": "/dev/zero:/dev/nought",
        "HostConfig.Dns": "192.0.2.1 192.0.2.2",
        "HostConfig.DnsSearch": "example.org",
        "HostConfig.ExtraHosts": "up:host-gateway x:127.0.0.1",
        "HostConfig.GroupAdd": "1000 5",
        "HostConfig.Init": "true",
        "HostConfig.IpcMode": "shareable",
        "HostConfig.LogConfig": "json-file max-file=2 max-size=1m",
        "HostConfig.Memory": "67108864",
        "HostConfig.MemoryReservation": "33554432",
        "HostConfig.MemorySwap": "100663296",
        "HostConfig.NanoCpus": "500000000",
        "HostConfig.NetworkMode": "shop_default",
        "HostConfig.OomScoreAdj": "100",
        "HostConfig.PidsLimit": "50",
        "HostConfig.PortBindings": "127.0.0.1:8053->53/udp 127.0.0.1:8080->80/tcp :->83/tcp",
        "HostConfig.ReadonlyRootfs": "true",
        "HostConfig.RestartPolicy": "on-failure:3",
        "HostConfig.SecurityOpt": "no-new-privileges:true",
        "HostConfig.ShmSize": "16777216",
        "HostConfig.Sysctls": "net.core.somaxconn=100",
        "HostConfig.Tmpfs": "/run= /tmp=size=1m",
        "HostConfig.Ulimits": "nofile=1024:1024 nproc=5:10",
        "Image": "image",
        "Mounts": "bind:/srv/shop/site->/site:ro volume:anonymous->/anonymous volume:shop_kept->/kept",
        "Name": "shop-web",
        "Networks.shop_default": "shop-web web",
        "Networks.shop_own": "api shop-web web www ip=198.18.7.2",
      }
    `)
    expect(second).toMatchInlineSnapshot(`
      {
        "Config.Cmd": "c28d34c9a88f",
        "Config.Domainname": "example.org",
        "Config.Env.PATH": "ce908b8efad4",
        "Config.Hostname": "web",
        "HostConfig.IpcMode": "container:web",
        "HostConfig.LogConfig": "json-file max-file=2 max-size=10m",
        "HostConfig.NetworkMode": "container:web",
        "HostConfig.VolumesFrom": "web:rw",
        "Image": "image",
        "Mounts": "bind:/srv/shop/site->/site:ro volume:anonymous->/anonymous volume:shop_kept->/kept",
        "Name": "shop-beside-1",
      }
    `)
  })

  it('has no value of a variable, a label or a command in it: they may be secrets', () => {
    const info = changed({
      Config: {
        Env: ['PASSWORD=hunter2'],
        Labels: { key: 'hunter2' },
        Cmd: ['-a', 'hunter2'],
        Entrypoint: ['hunter2'],
      },
    })

    expect(JSON.stringify(fingerprintOf(info, surroundings))).not.toContain('hunter2')
  })

  it.each([
    ['a limit of all processors', { HostConfig: { NanoCpus: 2e9, CpusetCpus: '0-1', CpuShares: 1024 } }],
    [
      'zeros',
      { HostConfig: { NanoCpus: 0, CpusetCpus: '', CpuShares: 0, CpuPeriod: 0, OomScoreAdj: 0, PidsLimit: 0 } },
    ],
    ['null', { HostConfig: { PidsLimit: null, CapAdd: null, Ulimits: null, Devices: null, Dns: null, Init: null } }],
    ['minus one', { HostConfig: { PidsLimit: -1 } }],
    ['what the engine chooses', { HostConfig: { Runtime: 'runc', IpcMode: 'private', CpuPeriod: 100_000 } }],
    ['more of what the engine chooses', { HostConfig: { ShmSize: 67_108_864, LogConfig: { Type: 'json-file' } } }],
    ['the usual signal', { Config: { StopSignal: 'SIGTERM' } }],
    ['its own id as host name', { Config: { Hostname: web.Id.slice(0, 12) } }],
    ['no health check', { Config: { Healthcheck: { Interval: 0, Timeout: 0, Retries: 0, StartPeriod: 0 } } }],
    ["Compose's own labels", { Config: { Labels: { 'com.docker.compose.version': '2.26.1' } } }],
    ['restarting never', { HostConfig: { RestartPolicy: { Name: 'no', MaximumRetryCount: 0 } } }],
  ])('is the same without and with %s', (_, more) => {
    const plain = { ...web, Config: {}, HostConfig: {} } as unknown as Told

    expect(fingerprintOf(changed(more, plain), surroundings)).toEqual(fingerprintOf(plain, surroundings))
  })

  it.each([
    ['Config.Cmd', { Config: { Cmd: ['sleep', '1'] } }],
    ['Config.Env.A', { Config: { Env: [...(web.Config.Env ?? []).filter((text) => !text.startsWith('A=')), 'A=2'] } }],
    ['Config.Labels.rule', { Config: { Labels: { ...web.Config.Labels, rule: 'Path' } } }],
    ['Config.Hostname', { Config: { Hostname: 'other' } }],
    ['Config.Healthcheck.Interval', { Config: { Healthcheck: { ...web.Config.Healthcheck, Interval: 2e9 } } }],
    ['HostConfig.Memory', { HostConfig: { Memory: 2 ** 27 } }],
    ['HostConfig.NanoCpus', { HostConfig: { NanoCpus: 1e9 } }],
    ['HostConfig.RestartPolicy', { HostConfig: { RestartPolicy: { Name: 'always' } } }],
    ['HostConfig.CapAdd', { HostConfig: { CapAdd: ['CAP_CHOWN'] } }],
    ['HostConfig.IpcMode', { HostConfig: { IpcMode: 'host' } }],
    ['Mounts', { Mounts: web.Mounts.slice(1) }],
    ['Name', { Name: '/other' }],
    ['Image', { Image: 'sha256:other' }],
  ])('shows that %s changed, and nothing else', (field, more) => {
    const before = fingerprintOf(web, surroundings)
    const after = fingerprintOf(changed(more), surroundings)

    const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])]
    expect(keys.filter((key) => before[key] !== after[key])).toEqual([field])
  })

  it('depends on no order of lists', () => {
    const { Mounts, HostConfig: host, Config } = web
    const lists = { ExtraHosts: host.ExtraHosts, GroupAdd: host.GroupAdd, CapAdd: host.CapAdd, Ulimits: host.Ulimits }
    const turned = Object.fromEntries(Object.entries(lists).map(([name, list]) => [name, [...(list ?? [])].reverse()]))
    const info = changed({
      Mounts: [...Mounts].reverse(),
      HostConfig: turned,
      Config: { Env: [...Config.Env].reverse() },
    })

    expect(fingerprintOf(info, surroundings)).toEqual(fingerprintOf(web, surroundings))
  })

  it('names what it shares with by what lasts, and says when that is gone', () => {
    expect(fingerprintOf(inspected['20.10'][1], around(inspected['20.10']))['HostConfig.NetworkMode']).toBe(
      'container:web',
    )
    expect(fingerprintOf(beside, around([beside]))).toMatchObject({
      'HostConfig.NetworkMode': 'container:gone',
      'HostConfig.VolumesFrom': 'gone:rw',
    })
  })

  it('keeps a name on a network and a host name that begin as the id does', () => {
    const own = { Aliases: [web.Id.slice(0, 12), web.Id.slice(0, 2)] }
    const info = changed({ Config: { Hostname: web.Id.slice(0, 2) }, NetworkSettings: { Networks: { own } } })

    expect(fingerprintOf(info, surroundings)).toMatchObject({
      'Config.Hostname': web.Id.slice(0, 2),
      'Networks.own': web.Id.slice(0, 2),
    })
  })
})

/** The same but for these fields, one level deep. */
function changed(more: object, info: Told = web): Told {
  const entries = Object.entries(more).map(([name, value]) => {
    const former: unknown = info[name as keyof Told]
    const isTable = typeof value === 'object' && !Array.isArray(value)
    return [name, isTable ? { ...(former as object), ...value } : value]
  })
  return { ...info, ...Object.fromEntries(entries) }
}
