/// The page's style sheet: no fonts, scripts or pictures from elsewhere.
enum PageStyle {
  static let text = """
    :root{--ink:#1c2024;--soft:#5b6570;--line:#dfe3e8;--back:#fff;--panel:#f6f7f9;--accent:#0b63a5;--good:#0a7a4b;--bad:#b3261e;--warn:#8a5a00;--mark:#fff6dd}
    @media (prefers-color-scheme:dark){:root{--ink:#e6e8eb;--soft:#a0a9b3;--line:#343a41;--back:#15181b;--panel:#1e2226;--accent:#7bbcf0;--good:#5fd0a0;--bad:#ff9a90;--warn:#f0c060;--mark:#332b14}}
    *{box-sizing:border-box}
    body{margin:0 auto;max-width:1120px;padding:2rem 1.25rem 3rem;background:var(--back);color:var(--ink);font:16px/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif}
    h1{margin:.1em 0 .3em;font-size:2rem;line-height:1.2;overflow-wrap:anywhere}
    h2{margin:2.4rem 0 .8rem;padding-bottom:.25rem;border-bottom:1px solid var(--line);font-size:1.3rem}
    h3{margin:0 0 .4rem;font-size:1rem;overflow-wrap:anywhere}
    p{margin:.4em 0}
    a{color:var(--accent)}
    .kind{margin:0;color:var(--soft);font-size:.85rem;letter-spacing:.06em;text-transform:uppercase}
    .about{max-width:46rem;color:var(--soft);font-size:1.05rem}
    dl{margin:0}
    dt{color:var(--soft);font-size:.85rem}
    dd{margin:0;overflow-wrap:anywhere}
    .facts{display:flex;flex-wrap:wrap;gap:.6rem 2rem;margin:1rem 0}
    .findings>div{display:grid;grid-template-columns:11rem 1fr;gap:.2rem 1rem;padding:.45rem 0;border-bottom:1px solid var(--line)}
    .findings>div:last-child{border-bottom:0}
    .findings dt{padding-top:.1rem;color:var(--ink);font-size:1rem;font-weight:600}
    .findings ul{margin:.2rem 0 0;padding-left:1.2rem}
    nav{display:flex;flex-wrap:wrap;gap:.3rem 1.1rem;margin-top:1rem;font-size:.95rem}
    .badge{display:inline-block;padding:0 .55em;border:1px solid currentColor;border-radius:1em;color:var(--soft);font-size:.82rem}
    .badge.finished,.badge.computed{color:var(--good)}
    .badge.failed{color:var(--bad)}
    .badge.interrupted,.badge.pending{color:var(--warn)}
    .notes{margin-top:1.5rem;padding:.8rem 1.1rem;border-left:4px solid var(--warn);background:var(--mark)}
    .notes h2{margin:0 0 .3rem;border:0;font-size:1rem}
    .notes ul{margin:0;padding-left:1.2rem}
    figure{margin:0}
    .figures{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,26rem),1fr));gap:2rem 1.6rem}
    .figures img{display:block;width:100%;height:auto;border:1px solid var(--line);border-radius:6px;background:#fff}
    figcaption,.caption{margin-top:.4rem;color:var(--soft);font-size:.88rem;line-height:1.45}
    .files a{margin-left:.35em;white-space:nowrap}
    .missing{padding:2rem 1rem;border:1px dashed var(--line);border-radius:6px;color:var(--soft);text-align:center}
    .samples{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,17rem),1fr));gap:1.4rem}
    .samples figure{max-width:37.5rem}
    .samples figcaption{overflow-wrap:anywhere}
    .samples strong{color:var(--ink)}
    .pixels{display:block;width:100%;height:auto;image-rendering:pixelated}
    .wide{overflow-x:auto}
    table{border-collapse:collapse;font-size:.92rem}
    th,td{padding:.35rem .8rem;border-bottom:1px solid var(--line);text-align:left;vertical-align:top}
    th{color:var(--soft);font-weight:600;vertical-align:bottom}
    th:first-child,td:first-child{padding-left:0}
    .number{font-variant-numeric:tabular-nums;text-align:right;white-space:nowrap}
    th.number{white-space:normal}
    .best{font-weight:700}
    .numbers{font-size:.85rem}
    .numbers th,.numbers td{padding:.18rem .7rem}
    code,pre{font:.85em/1.5 ui-monospace,SFMono-Regular,Menlo,Consolas,"Liberation Mono",monospace}
    td code,dd code{overflow-wrap:anywhere}
    pre{overflow-x:auto;padding:.8rem 1rem;border-radius:6px;background:var(--panel);font-size:1rem}
    pre code{font-size:.82em}
    .command{margin:.5rem 0}
    details{margin:.35rem 0}
    summary{color:var(--accent);cursor:pointer}
    .cell{padding:.7rem 0;border-bottom:1px solid var(--line)}
    .cell p{margin:.1rem 0 .3rem;color:var(--soft);font-size:.9rem}
    .digests>div{display:grid;grid-template-columns:11rem 1fr;gap:0 1rem}
    .digests dt{overflow-wrap:anywhere}
    footer{margin-top:3rem;border-top:1px solid var(--line);color:var(--soft);font-size:.85rem}
    @media (max-width:40rem){body{padding-top:1rem}.findings>div,.digests>div{grid-template-columns:1fr}}
    @media print{
    :root{--ink:#000;--soft:#444;--line:#ccc;--back:#fff;--panel:#f6f6f6;--accent:#000;--good:#000;--bad:#000;--warn:#000;--mark:#fff}
    body{max-width:none;padding:0;font-size:10.5pt}
    nav,.files{display:none}
    figure,tr,.cell,.findings>div{break-inside:avoid}
    h2,h3{break-after:avoid}
    .figures{grid-template-columns:1fr 1fr}
    pre{white-space:pre-wrap;overflow-wrap:anywhere}
    .wide{overflow:visible}
    table{font-size:.8rem}
    th,td{padding:.2rem .45rem}
    .cell details::details-content{content-visibility:visible;block-size:auto}
    }
    """
}
